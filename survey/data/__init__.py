"""Facts that come with the system: the bodies of Hà Nội, as files."""
