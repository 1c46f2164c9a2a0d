"""Decode untrusted images in separate processes, a few at a time on a machine.

All modules that `decoder` imports run without Django.
"""
