"""The leader's room: reading a phiếu whole, approving and sending it, giving it back, its receipt, withdrawing it."""
