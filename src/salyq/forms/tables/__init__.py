"""Tables that firms report to the tax authority: the pools' СМП1, the exchanges' two files of order 817."""
