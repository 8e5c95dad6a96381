"""What two nodes say to each other and in which order. Effects are listed, not performed."""
