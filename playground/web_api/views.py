"""`views.*`."""

from playground import views
from playground.shapes import Json
from playground.web_api.call import Call, method
from playground.world import View


def _shown(call: Call, view: View) -> Json:
    return {"view": views.as_slack(call.backend, view)}


@method("views.open")
def open_view(call: Call) -> Json:
    """Open a modal with a trigger."""
    key = call.required("trigger_id")
    trigger = call.backend.world.use_trigger(key, call.backend.timings.trigger)
    return _shown(call, views.open_modal(call.backend, trigger, call.args.get("view")))


@method("views.push")
def push(call: Call) -> Json:
    """Put a modal on top of the one whose trigger this is."""
    key = call.required("trigger_id")
    trigger = call.backend.world.use_trigger(key, call.backend.timings.trigger)
    return _shown(call, views.push_modal(call.backend, trigger, call.args.get("view")))


@method("views.update")
def update(call: Call) -> Json:
    """Replace what a view shows."""
    external = call.text("external_id")
    key = call.text("view_id") if external else call.required("view_id")
    view = call.backend.world.find_view(key, external)
    body = call.args.get("view")
    return _shown(call, views.update_view(call.backend, view, body, call.text("hash")))


@method("views.publish")
def publish(call: Call) -> Json:
    """Show a Home tab."""
    user = call.required("user_id")
    body = call.args.get("view")
    return _shown(call, views.publish_home(call.backend, user, body, call.text("hash")))
