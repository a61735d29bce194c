"""The pages as HTML: routes parse, a page function answers, a template places.

`app.create_app` puts it together; no route computes anything that is shown.
"""
