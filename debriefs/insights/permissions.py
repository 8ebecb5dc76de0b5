"""Who reads figures, and who notes what changed."""

from accounts.enums import Role

READERS = (Role.ADMIN, Role.MANAGER, Role.REVIEWER, Role.MEMBER)
NOTERS = (Role.ADMIN, Role.MANAGER)
