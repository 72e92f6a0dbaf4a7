"""The widget in Firefox and WebKit, as Debian packages them (firefox-esr; webkit2gtk-driver and a
display, or xvfb): `make engines`. Spoken to directly, since no library drives both."""
