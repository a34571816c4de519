"""An assessment for people: text and JSON in Kazakh, Russian and English."""
