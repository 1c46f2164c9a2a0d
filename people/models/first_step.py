from django.db import models


class FirstStep(models.TextChoices):
    """The steps of a first visit, in their order."""

    PROFILE = "profile"
    PEOPLE = "people"
    IMAGES = "images"
    DONE = "done"
