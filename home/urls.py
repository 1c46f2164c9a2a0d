from django.urls import path

from home import settings_views, suggestion_views, unsubscribe, views, welcome_views

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("stream/", views.stream, name="stream"),
    path("stream/filter/", views.stream_filter, name="stream_filter"),
    path("stream/new/", views.new_activity, name="new_activity"),
    path("notifications/", views.notifications, name="notifications"),
    path("unsubscribe/<str:key>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("people/<str:username>/", views.user_detail, name="user_detail"),
    path("people/<str:username>/likes/", views.user_likes, name="user_likes"),
    path("people/<str:username>/activity/", views.user_activity, name="user_activity"),
    path("people/<str:username>/dismiss/", suggestion_views.user_dismiss, name="user_dismiss"),
    path("suggestions/", suggestion_views.suggestions, name="suggestions"),
    path("settings/", settings_views.settings, name="settings"),
    path("settings/notifications/", settings_views.settings_told, name="settings_told"),
    path("profile/", settings_views.profile_edit, name="profile_edit"),
    path("welcome/", welcome_views.welcome, name="welcome"),
    path("welcome/profile/", welcome_views.welcome_profile, name="welcome_profile"),
    path("welcome/people/", welcome_views.welcome_people, name="welcome_people"),
    path("welcome/images/", welcome_views.welcome_images, name="welcome_images"),
]
