"""The web room: pages, forms and the guard of every route; it calls services and knows no rows."""
