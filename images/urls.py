from django.urls import path

from images import create_views, views

urlpatterns = [
    path("images/", views.image_list, name="image_list"),
    path("images/add/", create_views.image_create, name="image_create"),
    path("images/bookmarklet/", create_views.bookmarklet, name="bookmarklet"),
    path("images/<int:pk>/like/", views.image_like, name="image_like"),
    path("images/<int:pk>/likes/", views.image_likes, name="image_likes"),
    path("images/<int:pk>/save/", views.image_save, name="image_save"),
    path("images/<int:pk>/edit/", views.image_edit, name="image_edit"),
    path("images/<int:pk>/delete/", views.image_delete, name="image_delete"),
    path("images/<int:pk>/", views.image_detail, name="image_detail"),
    path("images/<int:pk>/<str:slug>/", views.image_detail, name="image_detail"),
]
