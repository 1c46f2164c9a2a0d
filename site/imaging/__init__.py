"""Decode untrusted images in separate processes, a few at a time on a machine.

The decoder's modules run without Django: `animation`, `decode`, `errors`, `frames` and `sanitize`.
"""
