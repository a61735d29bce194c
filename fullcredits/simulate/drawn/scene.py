from PIL import Image


def draw_scene(work, size):
    return Image.new("RGB", size, "#453")
