from django.tasks import task


@task
def make_thumbnails(name: str) -> None:
    """Make the thumbnails of a stored image; those that are there already stay."""
    from images.models import Image

    file = Image(image=name).image
    Image(image=name, width=file.width, height=file.height).image.make_thumbnails()
