"""The strip that a first visit meets, as the browser draws it."""
