"""The map: a page drawn by Leaflet inside the desk, with nothing fetched from outside."""
