from django.urls import path

from home import views

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("stream/", views.stream, name="stream"),
    path("stream/new/", views.new_activity, name="new_activity"),
    path("people/<str:username>/", views.user_detail, name="user_detail"),
    path("people/<str:username>/activity/", views.user_activity, name="user_activity"),
]
