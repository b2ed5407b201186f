"""Reports as messages, pictures and XLSX workbooks; their schedules.

``chart_picture`` and ``burn_picture`` draw, and are imported only when something is drawn:
matplotlib takes long to load.
"""
