from django.apps import AppConfig
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from django.contrib.auth.models import User
        from django.contrib.auth.validators import UnicodeUsernameValidator

        from people import signals  # noqa: F401
        from people.usernames import validate_path
        from stream import targets

        def active_people() -> QuerySet[User]:
            return User.objects.filter(is_active=True).select_related("profile")

        targets.register(User, active_people)

        # Django's validator refuses vowel signs, which Thai and Hindi names need.
        field = User._meta.get_field("username")
        others = [v for v in field.validators if not isinstance(v, UnicodeUsernameValidator)]
        field.validators = [*others, validate_path]
