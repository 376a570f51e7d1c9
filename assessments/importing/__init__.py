"""What comes into the watch from outside, parsed into plain data. No ORM."""
