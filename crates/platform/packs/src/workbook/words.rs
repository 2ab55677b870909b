//! What the columns and fields of a workbook are called. The first row of a sheet has these words in
//! both languages, the second the keys; a reader of the workbook needs the words, the program the
//! keys.

/// Key of a field, its word in Chinese and in English. A key with a path (`title.zh`) wins over its
/// last part.
const WORDS: &[(&str, &str, &str)] = &[
    ("meaning", "说明", "meaning"),
    ("field", "字段", "field"),
    ("value", "值", "value"),
    ("node", "指标代码", "indicator"),
    ("list", "列表", "list"),
    ("code", "代码", "code"),
    ("parent", "上级指标", "above"),
    ("title.zh", "名称（中文）", "title in Chinese"),
    ("title.en", "名称（英文）", "title in English"),
    ("unit", "单位", "unit"),
    ("scale", "小数位数", "decimal places"),
    ("minimum", "最小值", "least value"),
    ("maximum", "最大值", "greatest value"),
    ("source", "由谁给出", "given by"),
    ("evidence", "佐证材料", "evidence"),
    ("direction", "越高越好或越低越好", "better when"),
    ("period", "时点或时段", "at or over the period"),
    ("ours", "默认值，由县设定", "default of ours"),
    ("full", "满分", "full mark"),
    ("weight", "权重", "weight"),
    ("round.places", "修约位数", "rounded to places"),
    ("round.mode", "修约方法", "rounded how"),
    ("round_growth", "增长率修约", "rounding of the growth"),
    ("round_value", "查表前修约", "rounding before the look-up"),
    ("percent", "百分比修约", "rounding of the percentage"),
    ("places", "位数", "places"),
    ("mode", "方法", "how"),
    ("cap", "最高分", "at most"),
    ("floor", "最低分", "at least"),
    ("missing.policy", "缺失时", "when missing"),
    ("missing", "缺失时", "when missing"),
    ("policy", "怎样处理", "policy"),
    ("group", "分组", "group"),
    ("range", "范围", "range"),
    ("mark", "得分", "mark"),
    ("item", "数据代码", "item"),
    ("must", "必备", "must be done"),
    ("class", "类别", "class"),
    ("several", "可有多件", "several count"),
    ("same_fact", "同一事实", "same fact"),
    ("joint_share", "几村共同的份额", "share of joint events"),
    ("kind", "计分方式", "kind of rule"),
    ("aggregator", "汇总方法", "how summed"),
    ("basis", "按得分或得分率", "by mark or share"),
    ("availability", "要求有数的比例", "figures needed"),
    ("skipped", "缺项的权重", "weight of what is left out"),
    ("on", "按哪个值", "by which value"),
    ("best", "高或低为先", "which is best"),
    ("by", "按什么", "by"),
    ("excluded", "不参加的", "left out"),
    ("method", "并列怎样排", "ties"),
    ("version", "版本", "version"),
    ("root", "根指标", "root"),
    ("subject_code", "区划代码", "division code"),
    ("subject", "考核对象", "who is assessed"),
    ("order", "计算次序", "order of evaluation"),
    ("several_limits", "多个限制时", "several limits"),
    ("zeros", "有 0 时", "when one is 0"),
    ("count", "个数", "count"),
    ("above", "高于上限", "above the top"),
    ("below", "低于下限", "below the bottom"),
    ("high", "上限", "top"),
    ("low", "下限", "bottom"),
    ("constant", "定值", "fixed value"),
    ("at", "取哪一期", "of which period"),
    ("base", "基数", "base"),
    ("base_missing", "没有基数时", "base missing"),
    ("base_negative", "基数为负时", "base negative"),
    ("base_restated", "基数更正时", "base restated"),
    ("base_zero", "基数为 0 时", "base 0"),
    ("below_base", "低于基数", "below the base"),
    ("below_origin", "低于起点", "below the origin"),
    ("better", "高好或低好", "better when"),
    ("blank", "没有填写的", "left blank"),
    ("carry_share", "结转比例", "carried over"),
    ("classes", "各类别", "classes"),
    ("dated_by", "按哪个日期", "dated by"),
    ("denominator", "分母", "denominator"),
    ("denominator_zero", "分母为 0", "denominator 0"),
    ("numerator", "分子", "numerator"),
    ("full_at", "满分处", "full mark at"),
    ("zero_at", "零分处", "no mark at"),
    ("level", "级别", "level"),
    ("mark_at_base", "基数处得分", "mark at the base"),
    ("mark_at_origin", "起点处得分", "mark at the origin"),
    ("mark_at_target", "目标处得分", "mark at the target"),
    ("mark_per_step", "每步得分", "mark for each step"),
    ("measure", "比较什么", "what is compared"),
    ("must_missed", "必备项未完成", "a must was missed"),
    ("not_applicable", "不适用的", "not applicable"),
    ("nothing_applies", "全不适用时", "nothing applies"),
    ("origin", "起点", "origin"),
    ("over_one", "超过 100%", "over 100%"),
    ("over_target", "超过目标", "over the target"),
    ("part_steps", "不足一步的", "parts of a step"),
    ("partial", "部分完成", "partly done"),
    ("per_occurrence", "每次扣分", "for each occurrence"),
    ("repeat", "再次发生", "repetition"),
    ("from", "从第几次起", "from the"),
    ("times", "倍数", "times"),
    ("revoked", "撤销后", "when revoked"),
    ("start", "起始分", "starts at"),
    ("step", "步长", "step"),
    ("target", "目标", "target"),
    ("target_changed", "目标变动时", "target changed"),
    ("target_missing", "没有目标时", "target missing"),
    ("target_zero", "目标等于起点时", "target is the origin"),
    ("weighting", "怎样加权", "weighting"),
    ("weights_total", "权重合计", "sum of weights"),
    ("at_least", "至少", "at least"),
    ("too_little", "太少是指", "too little means"),
    ("corrected", "更正", "corrected"),
    ("effect.cap", "效果：最高分", "effect: at most"),
    (
        "effect.grade_limit",
        "效果：最高等次",
        "effect: grade at most",
    ),
    ("evidence.approver", "佐证由谁认定", "evidence approved by"),
    (
        "evidence.reason.zh",
        "不要佐证的理由（中文）",
        "why no evidence, in Chinese",
    ),
    (
        "evidence.reason.en",
        "不要佐证的理由（英文）",
        "why no evidence, in English",
    ),
    (
        "evidence.until",
        "何时以前要佐证",
        "evidence asked for until",
    ),
    ("missing_round", "缺一期时", "a round missing"),
    ("not_positive", "不大于 0 时", "not above 0"),
    ("passes", "怎样算通过", "passes when"),
    ("ties", "并列时依次比较", "ties broken by"),
    ("round", "修约", "rounding"),
    ("round_logarithm", "对数修约", "rounding of the logarithm"),
    ("tested", "检验什么", "what is tested"),
];

/// The word of one key or path, in both languages: `满分 · full mark`.
pub(super) fn word(path: &str) -> Option<String> {
    let find = |key: &str| WORDS.iter().find(|(known, ..)| *known == key);
    if let Some((_, chinese, english)) = find(path) {
        return Some(format!("{chinese} · {english}"));
    }
    // `scheme.title.zh` is a title, `numerator.item` an item of the numerator.
    let (outer, inner) = path.split_once('.')?;
    if matches!(outer, "scheme" | "grade" | "rank") {
        return word(inner);
    }
    let (_, chinese, english) = find(outer)?;
    let (_, of_chinese, of_english) = find(inner)?;
    Some(format!("{chinese}：{of_chinese} · {english}: {of_english}"))
}

/// The words of a row of keys. A key without a word stands for itself, in brackets: a row of words is
/// never taken for one of keys.
pub(super) fn words(keys: &[String]) -> Vec<String> {
    let shown = |key: &String| word(key).unwrap_or_else(|| format!("（{key}）"));
    keys.iter().map(shown).collect()
}

/// Whether a text can be a key: nothing but small letters, digits, `_` and `.`.
pub(super) fn is_key(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
    !text.is_empty() && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::{is_key, word};
    use crate::workbook::writing::sheets;
    use crate::{Embedded, Library};

    #[test]
    fn every_key_of_every_shipped_scheme_has_a_word() {
        let library = Embedded::all()
            .iter()
            .fold(Library::shipped(), |library, source| library.with(source));
        let mut wordless = std::collections::BTreeSet::new();
        for name in library.names() {
            for file in &library.pack(name).unwrap().0.schemes {
                for (sheet, rows) in sheets(&file.scheme) {
                    let mut keys = rows[0].clone();
                    let fields = rows[0].iter().position(|key| key == "field");
                    if let Some(column) = fields {
                        keys.extend(rows[1..].iter().map(|row| row[column].clone()));
                    }
                    for key in keys {
                        assert!(is_key(&key), "{sheet}: {key}");
                        if word(&key).is_none() {
                            wordless.insert(key);
                        }
                    }
                }
            }
        }
        assert!(wordless.is_empty(), "{wordless:?}");
    }
}
