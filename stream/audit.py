from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef

from stream.models import Action
from web.audit import Fault, check


@check("actions about something deleted")
def actions_about_something_deleted() -> Iterator[Fault]:
    types = Action.objects.filter(about_id__isnull=False).order_by().values("about_ct").distinct()
    for content_type in ContentType.objects.filter(pk__in=types):
        if model := content_type.model_class():
            about = model._base_manager.filter(pk=OuterRef("about_id"))
            for action in Action.objects.filter(~Exists(about), about_ct=content_type):
                yield Fault(f"action {action.pk}: {action.verb}", action.forget_about)


@check("actions without target")
def actions_without_target() -> Iterator[Fault]:
    """Find actions whose target is deleted. Skip those of uninstalled apps, which may return."""
    types = Action.objects.order_by().values("target_ct").distinct()
    for content_type in ContentType.objects.filter(pk__in=types):
        if model := content_type.model_class():
            target = model._base_manager.filter(pk=OuterRef("target_id"))
            for action in Action.objects.filter(~Exists(target), target_ct=content_type):
                yield Fault(f"action {action.pk}: {action.verb}", action.delete)
