"""Untrusted images: decoded in processes of their own, a few at a time on a machine.

What the decoder imports knows nothing of Django: `animation`, `decode`, `errors`, `frames` and
`sanitize`.
"""
