"""How a server signs who its user is: shown on a page of the host as it stands here."""
