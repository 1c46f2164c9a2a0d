from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from django.contrib.auth.models import User
        from django.contrib.auth.validators import UnicodeUsernameValidator

        from people import belongings, deletion, signals  # noqa: F401
        from people.models.profile import Profile
        from people.usernames import validate_path
        from stream import targets
        from stream.models import Action

        targets.register(User, Profile.objects.load_cards)
        deletion.register(*belongings.ROWS)
        deletion.register_reference(Action, "recipient")

        # Django's validator refuses vowel signs, which Thai and Hindi names need.
        field = User._meta.get_field("username")
        others = [v for v in field.validators if not isinstance(v, UnicodeUsernameValidator)]
        field.validators = [*others, validate_path]
