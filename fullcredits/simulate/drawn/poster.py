from PIL import Image


def draw_poster(work, label=""):
    return Image.new("RGB", (600, 900), "#543")
