"""What every face of the house calls: one function a use."""
