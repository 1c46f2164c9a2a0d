"""A site on many servers, which one machine can run, and the proof that it survives losses."""
