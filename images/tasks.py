from django.tasks import task


@task
def make_thumbnails(name: str) -> None:
    """Make the thumbnails of a stored image; those that are there already stay."""
    from images.models import Image

    Image(image=name).image.make_thumbnails()
