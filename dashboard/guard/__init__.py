"""Who is let in and how much they may ask, in front of all routes and sockets."""
