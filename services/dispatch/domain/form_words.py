"""The words of the printed forms, in both languages; traditional Chinese is printed in simplified words."""

from collections.abc import Mapping
from types import MappingProxyType

from libs.common.procedure.conditions import Localised
from libs.common.procedure.document import in_language

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "form.record": ("用户投诉记录", "Complaint record"),
        "form.investigation": ("投诉调查报告", "Investigation report"),
        "form.result": ("处理结果通知书", "Notice of the result"),
        "page": ("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
        "number": ("投诉编号", "Complaint number"),
        "complainant": ("投诉人", "Complainant"),
        "contact": ("联系方式", "Contact"),
        "by_hand": ("（手工填写）", "(to be filled in by hand)"),
        "anonymous": ("匿名投诉", "Anonymous"),
        "channel": ("受理渠道", "Channel"),
        "received_at": ("收到时间", "Received"),
        "registered_at": ("登记时间", "Registered"),
        "received_by": ("受理人", "Received by"),
        "place": ("地点", "Place"),
        "category": ("投诉类别", "Category"),
        "urgency": ("紧急程度", "Urgency"),
        "marks": ("标记", "Marks"),
        "major": ("重大投诉", "major"),
        "vip": ("重要客人", "VIP"),
        "claimed": ("要求赔偿", "Claimed"),
        "department": ("责任部门", "Department"),
        "assignee": ("经办人", "Handled by"),
        "head": ("部门负责人", "Head of department"),
        "coordinator": ("客服中心", "Coordination"),
        "outcome": ("办理结果", "Outcome"),
        "satisfied": ("投诉人是否满意", "Complainant satisfied"),
        "yes": ("满意", "yes"),
        "no": ("不满意", "no"),
        "text": ("投诉内容", "What was complained about"),
        "course": ("处理经过", "What was done"),
        "time": ("时间", "Time"),
        "step": ("步骤", "Step"),
        "person": ("办理人", "By"),
        "note": ("说明", "Note"),
        "transfers": ("转派记录", "Transfers"),
        "from": ("转出部门", "From"),
        "to": ("转入部门", "To"),
        "reason": ("原因", "Reason"),
        "handover": ("交接说明", "Hand-over"),
        "result": ("处理结果", "Result"),
        "prevention": ("预防措施", "So that it does not happen again"),
        "compensation": ("赔偿", "Compensation"),
        "kind": ("类型", "Kind"),
        "amount": ("金额", "Amount"),
        "paid": ("已支付", "Paid"),
        "state": ("状态", "State"),
        "told": ("告知方式", "Told"),
        "written": ("书面", "in writing"),
        "spoken": ("口头", "by voice"),
        "issued": ("日期", "Date"),
        "greeting": (
            "您反映的问题（编号 {number}，{received_at} 收到）已处理，现将结果告知如下。",
            "Your complaint {number}, received {received_at}, has been dealt with. This is the result.",
        ),
        "sign.received_by": ("受理人签字", "Received by (signature)"),
        "sign.investigator": ("调查人签字", "Investigated by (signature)"),
        "sign.head": ("部门负责人签字", "Head of department (signature)"),
        "sign.house": ("签章", "Signed and sealed"),
        "sign.date": ("日期", "Date"),
        "kind.settlement": ("赔偿", "settlement"),
        "kind.advance": ("先行赔付", "advance"),
        "state.proposed": ("待审批", "proposed"),
        "state.approved": ("已批准", "approved"),
        "state.declined": ("未批准", "declined"),
        "state.paid": ("已支付", "paid"),
        "state.withdrawn": ("已撤回", "withdrawn"),
        "outcome.solved": ("已解决", "solved"),
        "outcome.partly_solved": ("部分解决", "partly solved"),
        "outcome.unfounded": ("不属实", "unfounded"),
        "outcome.withdrawn": ("已撤回", "withdrawn"),
        "outcome.unreachable": ("无法联系", "complainant out of reach"),
        "outcome.unverifiable": ("无法核实", "cannot be verified"),
        "outcome.already_solved": ("此前已解决", "solved before"),
        "outcome.merged": ("并案处理", "joined with another case"),
        "milestone.received": ("收到", "received"),
        "milestone.registered": ("登记", "registered"),
        "milestone.acknowledged": ("确认收到", "acknowledged"),
        "milestone.checked": ("回访核实", "checked by call-back"),
        "milestone.routed": ("转派", "given to a department"),
        "milestone.accepted": ("接单", "accepted"),
        "milestone.contacted": ("联系投诉人", "complainant contacted"),
        "milestone.on_site": ("到场", "on site"),
        "milestone.first_measures": ("初步措施", "first measures"),
        "milestone.verified": ("核实", "verified"),
        "milestone.cause_found": ("查明原因", "cause found"),
        "milestone.planned": ("制定方案", "planned"),
        "milestone.approved": ("审批", "approved"),
        "milestone.carried_out": ("落实", "carried out"),
        "milestone.result_written": ("书面告知结果", "result told in writing"),
        "milestone.result_spoken": ("口头告知结果", "result told by voice"),
        "milestone.surveyed": ("满意度回访", "asked about satisfaction"),
        "milestone.closed": ("办结", "closed"),
        "milestone.archived": ("归档", "archived"),
        "milestone.third_party_named": ("确认外单位", "third party named"),
        "milestone.third_party_notice": ("告知外单位情况", "told about the third party"),
        "milestone.statement": ("对外说明", "public statement"),
        "milestone.effect_checked": ("效果检查", "effect checked"),
        "milestone.reopened": ("重新处理", "reopened"),
    }
)
MOMENTS = MappingProxyType({"zh-Hans": "yyyy年M月d日 HH:mm", "en": "d MMMM yyyy, HH:mm"})
DAYS = MappingProxyType({"zh-Hans": "yyyy年M月d日", "en": "d MMMM yyyy"})
LOCALES = MappingProxyType({"zh-Hans": "zh_Hans_CN", "en": "en_GB"})


def printed_in(language: str) -> str:
    """The language whose words a form uses: English, or simplified Chinese for any Chinese."""
    return "en" if language == "en" else "zh-Hans"


def word(key: str, language: str) -> str:
    """The word in that language. An id without a word of its own, such as a Procedure's milestone, stays itself."""
    chinese, english = WORDS.get(key, (key.partition(".")[2],) * 2)
    return english if language == "en" else chinese


def named(text: Localised | None, otherwise: str, language: str) -> str:
    """What the Procedure calls something; `otherwise` when it calls it nothing."""
    return in_language(text, language) if text else otherwise
