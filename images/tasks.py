from django.tasks import task


@task
def make_thumbnails(name: str, width: int, height: int) -> None:
    """Make the thumbnails of a stored image of this size; those that are there already stay."""
    from images.models import Image

    Image(image=name, width=width, height=height).image.make_thumbnails()
