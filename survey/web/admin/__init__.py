"""The administrator's room: accounts of the instance."""
