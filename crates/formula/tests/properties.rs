//! Generated trees against a second evaluator; print → parse; any text.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use formula::{
    Declaration, Expression, Function, Input, Node, Operator, Origin, Position, Tree, Type, Value,
    Window,
};
use kernel::{Decimal, Rounding};
use proptest::prelude::*;

const NUMBER_NAMES: [&str; 4] = ["income", "village.households", "集体收入", "_x1"];
const BOOL_NAME: &str = "visited";
const TEXT_NAME: &str = "grade";

fn expression(node: Node) -> Expression {
    Expression {
        node,
        at: Position { line: 1, column: 1 },
    }
}

fn boxed(expression: Expression) -> Box<Expression> {
    Box::new(expression)
}

fn name(name: &str, window: Window) -> Expression {
    expression(Node::Name(Input {
        name: name.to_owned(),
        window,
    }))
}

fn decimals() -> impl Strategy<Value = Decimal> {
    (0..=1_000_000_i128, 0..=4_u8).prop_map(|(digits, scale)| Decimal::new(digits, scale))
}

fn texts() -> impl Strategy<Value = Expression> {
    prop_oneof![
        Just(expression(Node::Missing)),
        Just(name(TEXT_NAME, Window::Current)),
        "[ab\"\\\\\\n\\t好]{0,3}".prop_map(|text| expression(Node::Text(text.into()))),
    ]
}

/// Trees of one type, at most `depth` deep.
fn numbers(depth: u32) -> BoxedStrategy<Expression> {
    let windows = prop_oneof![
        Just(Window::Current),
        Just(Window::Previous),
        Just(Window::SameLastYear),
        Just(Window::YearToDate)
    ];
    let leaf = prop_oneof![
        1 => Just(expression(Node::Missing)),
        4 => decimals().prop_map(|number| expression(Node::Number(number))),
        4 => (0..NUMBER_NAMES.len(), windows).prop_map(|(i, window)| name(NUMBER_NAMES[i], window)),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = move || numbers(depth - 1);
    let several = || proptest::collection::vec(inner(), 1..4);
    let arithmetic = prop_oneof![
        Just(Operator::Add),
        Just(Operator::Subtract),
        Just(Operator::Multiply),
        Just(Operator::Divide)
    ];
    let variadic = prop_oneof![
        Just(Function::Min),
        Just(Function::Max),
        Just(Function::Sum),
        Just(Function::Mean)
    ];
    let unary = prop_oneof![
        Just(Function::Abs),
        Just(Function::Floor),
        Just(Function::Ceil),
        Just(Function::Sqrt),
        Just(Function::Ln),
        Just(Function::Exp)
    ];
    let call = |function, arguments| {
        expression(Node::Call {
            function,
            arguments,
        })
    };
    prop_oneof![
        2 => leaf,
        6 => (arithmetic, inner(), inner()).prop_map(|(operator, left, right)| {
            expression(Node::Binary { operator, left: boxed(left), right: boxed(right) })
        }),
        1 => inner().prop_map(|inner| expression(Node::Negate(boxed(inner)))),
        2 => (truths(depth - 1), inner(), inner()).prop_map(|(condition, then, otherwise)| {
            expression(Node::Choice {
                condition: boxed(condition),
                then: boxed(then),
                otherwise: boxed(otherwise),
            })
        }),
        2 => (variadic, several()).prop_map(move |(function, list)| call(function, list)),
        1 => (unary, inner()).prop_map(move |(function, inner)| call(function, vec![inner])),
        1 => (inner(), inner(), inner()).prop_map(move |(a, b, c)| call(Function::SafeDiv, vec![a, b, c])),
        1 => (inner(), inner(), inner()).prop_map(move |(a, b, c)| call(Function::Clamp, vec![a, b, c])),
        1 => (inner(), inner()).prop_map(move |(a, b)| call(Function::IfMissing, vec![a, b])),
        1 => (inner(), 0..4_i64).prop_map(move |(value, places)| {
            let places = expression(Node::Number(Decimal::from_int(places)));
            call(Function::Round, vec![value, places, expression(Node::Text("half_even".into()))])
        }),
    ]
    .boxed()
}

fn truths(depth: u32) -> BoxedStrategy<Expression> {
    let leaf = prop_oneof![
        1 => Just(expression(Node::Missing)),
        2 => any::<bool>().prop_map(|value| expression(Node::Bool(value))),
        2 => Just(name(BOOL_NAME, Window::Current)),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let comparison = prop_oneof![
        Just(Operator::Equal),
        Just(Operator::NotEqual),
        Just(Operator::Less),
        Just(Operator::LessOrEqual),
        Just(Operator::Greater),
        Just(Operator::GreaterOrEqual)
    ];
    let binary = |operator, left, right| {
        expression(Node::Binary {
            operator,
            left: boxed(left),
            right: boxed(right),
        })
    };
    let within = |value, elements| {
        expression(Node::Within {
            value: boxed(value),
            elements,
        })
    };
    let connective = prop_oneof![Just(Operator::And), Just(Operator::Or)];
    prop_oneof![
        1 => leaf,
        3 => (comparison, numbers(depth - 1), numbers(depth - 1))
            .prop_map(move |(operator, left, right)| binary(operator, left, right)),
        2 => (connective, truths(depth - 1), truths(depth - 1))
            .prop_map(move |(operator, left, right)| binary(operator, left, right)),
        1 => (texts(), texts()).prop_map(move |(left, right)| binary(Operator::Equal, left, right)),
        1 => truths(depth - 1).prop_map(|inner| expression(Node::Not(boxed(inner)))),
        1 => (numbers(depth - 1), proptest::collection::vec(numbers(depth - 1), 1..3))
            .prop_map(move |(value, elements)| within(value, elements)),
        1 => (texts(), proptest::collection::vec(texts(), 1..3))
            .prop_map(move |(value, elements)| within(value, elements)),
        1 => numbers(depth - 1).prop_map(|inner| expression(Node::Call {
            function: Function::IsMissing,
            arguments: vec![inner],
        })),
    ]
    .boxed()
}

/// The second evaluator: computes everything eagerly and treats a fault as one more value.
#[derive(Clone, Debug, PartialEq)]
enum Naive {
    Fault,
    Missing,
    Number(Decimal),
    Bool(bool),
    Text(String),
}

fn figure(input: &Input) -> Naive {
    match (input.name.as_str(), input.window) {
        ("income", Window::Current) => Naive::Number(Decimal::new(125, 1)),
        ("income", Window::Previous) => Naive::Number(Decimal::ZERO),
        ("village.households", _) => Naive::Number(Decimal::from_int(-40)),
        ("集体收入", Window::YearToDate) => Naive::Number(Decimal::from_int(3)),
        (BOOL_NAME, _) => Naive::Bool(true),
        (TEXT_NAME, _) => Naive::Text("a".into()),
        _ => Naive::Missing,
    }
}

fn naive(expression: &Expression) -> Naive {
    let children: Vec<Naive> = expression.children().into_iter().map(naive).collect();
    match &expression.node {
        Node::Missing => Naive::Missing,
        Node::Bool(value) => Naive::Bool(*value),
        Node::Number(number) => Naive::Number(*number),
        Node::Text(text) => Naive::Text(text.to_string()),
        Node::Name(input) => figure(input),
        Node::Not(_) => on_bool(&children[0], |value| Naive::Bool(!value)),
        Node::Negate(_) => on_numbers(&children, |n| Some(Decimal::ZERO.sub(n[0]).unwrap())),
        Node::Choice { .. } => match &children[0] {
            Naive::Bool(true) => children[1].clone(),
            Naive::Bool(false) => children[2].clone(),
            other => other.clone(),
        },
        Node::Within { .. } => naive_within(&children),
        Node::Binary { operator, .. } => naive_binary(*operator, &children),
        Node::Call {
            function,
            arguments,
        } => naive_call(*function, arguments, &children),
    }
}

fn on_bool(value: &Naive, then: impl Fn(bool) -> Naive) -> Naive {
    match value {
        Naive::Bool(value) => then(*value),
        other => other.clone(),
    }
}

/// Faults win over missing: the real evaluator computes every argument before it decides.
fn on_numbers(values: &[Naive], then: impl Fn(&[Decimal]) -> Option<Decimal>) -> Naive {
    if values.contains(&Naive::Fault) {
        return Naive::Fault;
    }
    let numbers: Option<Vec<Decimal>> = values
        .iter()
        .map(|value| match value {
            Naive::Number(number) => Some(*number),
            _ => None,
        })
        .collect();
    match numbers {
        None => Naive::Missing,
        Some(numbers) => then(&numbers).map_or(Naive::Fault, Naive::Number),
    }
}

fn naive_within(children: &[Naive]) -> Naive {
    let (value, elements) = children.split_first().unwrap();
    if children.contains(&Naive::Fault) {
        Naive::Fault
    } else if *value != Naive::Missing && elements.contains(value) {
        Naive::Bool(true)
    } else if children.contains(&Naive::Missing) {
        Naive::Missing
    } else {
        Naive::Bool(false)
    }
}

fn naive_binary(operator: Operator, children: &[Naive]) -> Naive {
    let (left, right) = (&children[0], &children[1]);
    match operator {
        Operator::And | Operator::Or => {
            let deciding = Naive::Bool(operator == Operator::Or);
            match (left, right) {
                (Naive::Fault, _) => Naive::Fault,
                (left, _) if *left == deciding => deciding,
                (_, Naive::Fault) => Naive::Fault,
                (_, right) if *right == deciding => deciding,
                (Naive::Missing, _) | (_, Naive::Missing) => Naive::Missing,
                _ => Naive::Bool(operator == Operator::And),
            }
        }
        Operator::Add => on_numbers(children, |n| n[0].add(n[1]).ok()),
        Operator::Subtract => on_numbers(children, |n| n[0].add(n[1].neg()).ok()),
        Operator::Multiply => on_numbers(children, |n| n[1].mul(n[0]).ok()),
        Operator::Divide => on_numbers(children, |n| n[0].div(n[1]).ok()),
        comparison => naive_comparison(comparison, left, right),
    }
}

fn naive_comparison(operator: Operator, left: &Naive, right: &Naive) -> Naive {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let order = match (left, right) {
        (Naive::Fault, _) | (_, Naive::Fault) => return Naive::Fault,
        (Naive::Missing, _) | (_, Naive::Missing) => return Naive::Missing,
        (Naive::Number(left), Naive::Number(right)) => left.cmp(right),
        (Naive::Text(left), Naive::Text(right)) => left.cmp(right),
        (Naive::Bool(left), Naive::Bool(right)) => left.cmp(right),
        _ => panic!("the generator made an ill-typed comparison"),
    };
    Naive::Bool(match operator {
        Operator::Equal => order == Equal,
        Operator::NotEqual => order != Equal,
        Operator::Less => order == Less,
        Operator::LessOrEqual => order != Greater,
        Operator::Greater => order == Greater,
        _ => order != Less,
    })
}

fn naive_call(function: Function, arguments: &[Expression], children: &[Naive]) -> Naive {
    match function {
        Function::IsMissing => match &children[0] {
            Naive::Fault => Naive::Fault,
            other => Naive::Bool(*other == Naive::Missing),
        },
        Function::IfMissing => match &children[0] {
            Naive::Missing => children[1].clone(),
            other => other.clone(),
        },
        Function::SafeDiv => match (&children[0], &children[1]) {
            (Naive::Number(_), Naive::Number(zero)) if zero.is_zero() => children[2].clone(),
            _ => on_numbers(&children[..2], |n| n[0].div(n[1]).ok()),
        },
        Function::Round => {
            let Node::Number(places) = arguments[1].node else {
                panic!("the generator writes places")
            };
            let places = u8::try_from(places.coefficient()).unwrap();
            on_numbers(&children[..1], |n| {
                Some(n[0].round(places, Rounding::HalfEven))
            })
        }
        Function::Min => on_numbers(children, |n| n.iter().min().copied()),
        Function::Max => on_numbers(children, |n| n.iter().max().copied()),
        Function::Sum => on_numbers(children, |n| Decimal::sum(n.iter().copied()).ok()),
        Function::Mean => on_numbers(children, |n| {
            let sum = Decimal::sum(n.iter().copied()).ok()?;
            sum.div(Decimal::from_int(i64::try_from(n.len()).unwrap()))
                .ok()
        }),
        Function::Clamp => on_numbers(children, |n| Some(n[2].min(n[1].max(n[0])))),
        Function::Abs => on_numbers(children, |n| Some(n[0].max(n[0].neg()))),
        Function::Floor => on_numbers(children, |n| Some(n[0].round(0, Rounding::Floor))),
        Function::Ceil => on_numbers(children, |n| Some(n[0].round(0, Rounding::Ceiling))),
        Function::Sqrt => on_numbers(children, |n| kernel::math::root(n[0], 2).ok()),
        Function::Ln => on_numbers(children, |n| kernel::math::ln(n[0]).ok()),
        Function::Exp => on_numbers(children, |n| kernel::math::exp(n[0]).ok()),
    }
}

fn declared() -> Vec<(&'static str, Declaration<'static>)> {
    let declare = |value_type| Declaration {
        value_type,
        windows: &Window::WRITTEN,
    };
    let mut names: Vec<_> = NUMBER_NAMES
        .iter()
        .map(|name| (*name, declare(Type::Number)))
        .collect();
    names.push((BOOL_NAME, declare(Type::Bool)));
    names.push((TEXT_NAME, declare(Type::Text)));
    names
}

fn environment(_: usize, input: &Input) -> Option<Value> {
    Some(match figure(input) {
        Naive::Number(number) => Value::Number(number),
        Naive::Bool(value) => Value::Bool(value),
        Naive::Text(text) => Value::from(text.as_str()),
        Naive::Missing => Value::Missing,
        Naive::Fault => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn agrees_with_the_naive_evaluator(root in prop_oneof![numbers(4), truths(4)], want in prop_oneof![Just(Type::Number), Just(Type::Bool)]) {
        let expected = naive(&root);
        let tree = Tree { root, origin: Origin::inline() };
        let text = tree.to_string();
        let Ok(formula) = tree.check(declared().as_slice(), want) else {
            // Generated trees are well typed, so only the type asked for can differ.
            let other = if want == Type::Number { Type::Bool } else { Type::Number };
            let again = Tree::parse(&text, &Origin::inline()).unwrap().check(declared().as_slice(), other);
            prop_assert!(again.is_ok(), "{text}: {again:?}");
            return Ok(());
        };
        let found = match formula.evaluate(&environment) {
            Err(_) => Naive::Fault,
            Ok(Value::Missing) => Naive::Missing,
            Ok(Value::Number(number)) => Naive::Number(number),
            Ok(Value::Bool(value)) => Naive::Bool(value),
            Ok(Value::Text(text)) => Naive::Text(text.to_string()),
        };
        prop_assert_eq!(&found, &expected, "{}", text);
        match formula.trace(&environment) {
            Err(_) => prop_assert_eq!(expected, Naive::Fault),
            Ok(traced) => {
                prop_assert_eq!(Ok(traced.value.clone()), formula.evaluate(&environment));
                if let Some(last) = traced.steps.last() {
                    prop_assert_eq!(last.depth, 0);
                    prop_assert_eq!(&last.value, &traced.value);
                }
                prop_assert!(traced.steps.len() <= usize::try_from(formula.steps()).unwrap());
            }
        }
    }

    #[test]
    fn reads_what_it_writes(root in prop_oneof![numbers(4), truths(4)]) {
        let text = root.to_string();
        let tree = Tree::parse(&text, &Origin::inline());
        if text.len() > formula::LENGTH_LIMIT_BYTES {
            prop_assert!(tree.is_err());
        } else {
            prop_assert_eq!(tree.unwrap().root, root, "{}", text);
        }
    }

    #[test]
    fn any_text_is_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        answer(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_words_are_answered(words in proptest::collection::vec(0..WORDS.len(), 0..30)) {
        let words: Vec<&str> = words.into_iter().map(|i| WORDS[i]).collect();
        answer(&words.join(" "));
        answer(&words.concat());
    }
}

/// Pieces of which nearly right and quite wrong formulas are made.
const WORDS: [&str; 40] = [
    "1",
    "0",
    "12.50",
    "0.0001",
    "99999999999999999999999999999999999999",
    "income",
    "集体收入",
    "visited",
    "grade",
    "unknown",
    "missing",
    "true",
    "false",
    "in",
    "[",
    "]",
    "(",
    ")",
    ",",
    "?",
    ":",
    "+",
    "-",
    "*",
    "/",
    "<",
    "<=",
    "==",
    "!",
    "&&",
    "||",
    "\"a\"",
    "'",
    "\\",
    "min(",
    "ln(",
    "exp(",
    "round(",
    "previous(",
    "（",
];

/// Parses, checks for each type and evaluates; the property is that this returns.
fn answer(text: &str) {
    for want in [Type::Number, Type::Bool, Type::Text] {
        match Tree::parse(text, &Origin::inline()) {
            Err(finding) => assert!(!finding.code.is_empty()),
            Ok(tree) => match tree.check(declared().as_slice(), want) {
                Err(findings) => assert!(!findings.is_empty()),
                Ok(formula) => {
                    assert!(formula.steps() <= formula::STEP_LIMIT);
                    match formula.evaluate(&environment) {
                        Err(finding) => assert!(!finding.code.is_empty()),
                        Ok(value) => {
                            assert!(value.value_type().is_none_or(|found| found == want));
                        }
                    }
                }
            },
        }
    }
}
