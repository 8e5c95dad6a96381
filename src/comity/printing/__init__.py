"""What goes on paper: covers, labels, receipts and muster sheets, as PDF, in three languages."""
