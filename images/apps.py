from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImagesConfig(AppConfig):
    name = "images"
    verbose_name = _("Images")

    def ready(self) -> None:
        from images import belongings, signals  # noqa: F401
        from images.models import Image
        from people import deletion
        from stream import targets

        targets.register(Image, Image.objects.load_cards)
        deletion.register(*belongings.ROWS)
        for field in ("via", "found_by"):
            deletion.register_reference(Image, field)
