"""Lines: serial ports, TCP, recorded captures, lines within the program. Bytes in, bytes out, LineError when it breaks."""
