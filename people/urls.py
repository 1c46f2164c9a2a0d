from django.urls import path

from people import views

urlpatterns = [
    path("people/", views.user_list, name="user_list"),
    path("people/<str:username>/follow/", views.user_follow, name="user_follow"),
    path("people/<str:username>/followers/", views.user_followers, name="user_followers"),
    path("people/<str:username>/following/", views.user_following, name="user_following"),
]
