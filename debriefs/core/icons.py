"""The icons of the sprite, by their bootstrap-icons name.

`{% icon %}` refuses every other name. To add one: write it here, then `manage.py build_icons <the package's own sprite>`.
"""

SPRITE = "vendor/bootstrap-icons-1.13.2/icons.svg"

_NAMES = """
archive arrow-down arrow-down-short arrow-left arrow-repeat arrow-right arrow-up arrow-up-short arrow-clockwise
arrow-counterclockwise arrow-down-up award bar-chart bar-chart-fill bell bell-slash bookmark box-arrow-right
box-arrow-up-right briefcase briefcase-fill building buildings calendar-check calendar-event calendar-plus calendar-x
calendar3 camera-video card-checklist card-list chat-left-quote chat-left-text chat-quote chat-square-quote
chat-square-text chat-square-text-fill check2 check2-all check2-circle check2-square check-circle chevron-down
chevron-expand chevron-left chevron-right chevron-up circle circle-fill circle-half clipboard clock clock-history cloud
cloud-check cloud-slash cloud-upload copy currency-exchange dash dash-circle device-hdd diagram-3 door-open download
envelope envelope-check envelope-exclamation envelope-open envelope-paper envelope-x exclamation-circle
exclamation-triangle eye eye-slash file-earmark-arrow-down file-earmark-spreadsheet file-earmark-text file-text filter
fingerprint flag flag-fill funnel gear geo-alt globe2 graph-down graph-up grip-vertical hand-thumbs-down hand-thumbs-up
hourglass hourglass-bottom hourglass-split house inbox info-circle input-cursor-text journal-text kanban key laptop
layers lightbulb lightbulb-fill lightning link-45deg list list-check list-ul lock megaphone mic moon mortarboard
node-plus patch-check pause-circle pen pencil pencil-square people person person-badge person-check person-circle
person-dash person-gear person-lock person-plus person-slash person-x phone pie-chart pin-angle play-circle plus-circle
plus-lg printer question-circle question-lg quote receipt record-circle reply save search send send-check send-x
shield-check shield-exclamation shield-lock shuffle signpost-split skip-forward slash-circle sliders sort-down sort-up
speedometer2 square star stop-circle stopwatch sun sun-fill table tag tags tags-fill telephone telephone-x
three-dots three-dots-vertical toggle-off toggle-on translate trash trophy type unlock upload window wrench x-circle
x-lg zoom-in
"""
NAMES: frozenset[str] = frozenset(_NAMES.split())
