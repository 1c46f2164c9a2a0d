"""How files of each format are read. These modules run in a decoder, without Django."""
