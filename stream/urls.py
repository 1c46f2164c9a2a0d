from django.urls import path

from stream import views

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("stream/", views.stream, name="stream"),
]
