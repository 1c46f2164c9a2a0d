from django.urls import path

from demo.showcase import showcase

urlpatterns = [path("showcase/", showcase, name="showcase")]
