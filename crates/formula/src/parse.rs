//! Tokens to the tree, by operator precedence.

use kernel::Finding;

use crate::token::{Placed, Token, tokens};
use crate::tree::{CHOICE, COMPARISON, PREFIX};
use crate::{
    Expression, Function, Input, NESTING_LIMIT, Node, Operator, Origin, Position, Tree, Window,
};

impl Tree {
    /// Reads a formula. The finding says what stands where and what was expected.
    pub fn parse(text: &str, origin: &Origin) -> Result<Tree, Finding> {
        let mut parser = Parser {
            tokens: tokens(text, origin)?,
            next: 0,
            origin,
        };
        if parser.peek() == &Token::End {
            return Err(origin.error("formula-empty", parser.position()));
        }
        let root = parser.expression(CHOICE, 0)?;
        if parser.peek() != &Token::End {
            return Err(parser.unexpected("end"));
        }
        Ok(Tree {
            root: root.expression,
            origin: origin.clone(),
        })
    }
}

/// An expression and the depth of its tree, so that a long chain of operators is limited too.
struct Grown {
    expression: Expression,
    depth: usize,
}

struct Parser<'a> {
    /// Never empty: it ends with [`Token::End`], which is never passed.
    tokens: Vec<Placed>,
    next: usize,
    origin: &'a Origin,
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    fn position(&self) -> Position {
        self.tokens[self.next].1
    }

    fn pass(&mut self) {
        if self.next + 1 < self.tokens.len() {
            self.next += 1;
        }
    }

    fn take_sign(&mut self, sign: &'static str) -> bool {
        let found = self.peek() == &Token::Sign(sign);
        if found {
            self.pass();
        }
        found
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Finding> {
        if self.take_sign(sign) {
            Ok(())
        } else {
            Err(self.unexpected(sign))
        }
    }

    fn unexpected(&self, expected: &str) -> Finding {
        let (token, at) = &self.tokens[self.next];
        let code = match token {
            Token::End => "formula-incomplete",
            _ => "formula-unexpected",
        };
        self.origin
            .error(code, *at)
            .arg("found", token.shown())
            .arg("expected", expected)
    }

    fn too_deep(&self, at: Position) -> Finding {
        self.origin
            .error("formula-too-deep", at)
            .arg("limit", NESTING_LIMIT)
    }

    fn grow(&self, node: Node, at: Position, depth_below: usize) -> Result<Grown, Finding> {
        if depth_below >= NESTING_LIMIT {
            return Err(self.too_deep(at));
        }
        Ok(Grown {
            expression: Expression { node, at },
            depth: depth_below + 1,
        })
    }

    /// An expression whose signs bind at least as tightly as `binding`. `nesting` counts the open
    /// expressions around it.
    fn expression(&mut self, binding: u8, nesting: usize) -> Result<Grown, Finding> {
        if nesting >= NESTING_LIMIT {
            return Err(self.too_deep(self.position()));
        }
        let mut left = self.operand(nesting)?;
        loop {
            let at = self.position();
            match self.infix() {
                Some(Infix::Choice) if binding <= CHOICE => {
                    self.pass();
                    left = self.choice(left, at, nesting)?;
                }
                Some(Infix::Within) if binding <= COMPARISON => {
                    self.pass();
                    left = self.within(left, at, nesting)?;
                    self.refuse_chain()?;
                }
                Some(Infix::Operator(operator)) if binding <= operator.binding() => {
                    self.pass();
                    let right = self.expression(operator.binding() + 1, nesting + 1)?;
                    left = self.binary(operator, left, right, at)?;
                    if operator.binding() == COMPARISON {
                        self.refuse_chain()?;
                    }
                }
                _ => return Ok(left),
            }
        }
    }

    fn infix(&self) -> Option<Infix> {
        match self.peek() {
            Token::Sign("?") => Some(Infix::Choice),
            Token::Sign(sign) => Operator::ALL
                .into_iter()
                .find(|operator| operator.sign() == *sign)
                .map(Infix::Operator),
            Token::Word(word) if word == "in" => Some(Infix::Within),
            _ => None,
        }
    }

    /// `a < b < c` means something else to everyone who writes it.
    fn refuse_chain(&self) -> Result<(), Finding> {
        let comparison = match self.infix() {
            Some(Infix::Within) => true,
            Some(Infix::Operator(operator)) => operator.binding() == COMPARISON,
            _ => false,
        };
        if comparison {
            let (token, at) = &self.tokens[self.next];
            return Err(self
                .origin
                .error("formula-chained-comparison", *at)
                .arg("found", token.shown()));
        }
        Ok(())
    }

    fn binary(
        &self,
        operator: Operator,
        left: Grown,
        right: Grown,
        at: Position,
    ) -> Result<Grown, Finding> {
        let depth = left.depth.max(right.depth);
        let node = Node::Binary {
            operator,
            left: Box::new(left.expression),
            right: Box::new(right.expression),
        };
        self.grow(node, at, depth)
    }

    fn choice(&mut self, condition: Grown, at: Position, nesting: usize) -> Result<Grown, Finding> {
        let then = self.expression(CHOICE, nesting + 1)?;
        self.expect(":")?;
        let otherwise = self.expression(CHOICE, nesting + 1)?;
        let depth = condition.depth.max(then.depth).max(otherwise.depth);
        let node = Node::Choice {
            condition: Box::new(condition.expression),
            then: Box::new(then.expression),
            otherwise: Box::new(otherwise.expression),
        };
        self.grow(node, at, depth)
    }

    fn within(&mut self, value: Grown, at: Position, nesting: usize) -> Result<Grown, Finding> {
        self.expect("[")?;
        let (elements, depth) = self.list("]", nesting)?;
        let node = Node::Within {
            value: Box::new(value.expression),
            elements,
        };
        self.grow(node, at, depth.max(value.depth))
    }

    /// One or more expressions up to the closing sign.
    fn list(
        &mut self,
        closing: &'static str,
        nesting: usize,
    ) -> Result<(Vec<Expression>, usize), Finding> {
        let mut elements = Vec::new();
        let mut depth = 0;
        loop {
            let element = self.expression(CHOICE, nesting + 1)?;
            depth = depth.max(element.depth);
            elements.push(element.expression);
            if self.take_sign(closing) {
                return Ok((elements, depth));
            }
            if !self.take_sign(",") {
                return Err(self.unexpected(closing));
            }
        }
    }

    fn operand(&mut self, nesting: usize) -> Result<Grown, Finding> {
        let at = self.position();
        let node = match self.peek().clone() {
            Token::Number(number) => Node::Number(number),
            Token::Text(text) => Node::Text(text),
            Token::Word(word) => return self.word(word, at, nesting),
            Token::Sign("(") => {
                self.pass();
                let inner = self.expression(CHOICE, nesting + 1)?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Sign("!") => return self.prefix(Node::Not, at, nesting),
            Token::Sign("-") => return self.prefix(Node::Negate, at, nesting),
            Token::Sign(_) | Token::End => return Err(self.unexpected("value")),
        };
        self.pass();
        self.grow(node, at, 0)
    }

    fn prefix(
        &mut self,
        node: fn(Box<Expression>) -> Node,
        at: Position,
        nesting: usize,
    ) -> Result<Grown, Finding> {
        self.pass();
        let inner = self.expression(PREFIX, nesting + 1)?;
        self.grow(node(Box::new(inner.expression)), at, inner.depth)
    }

    fn word(&mut self, word: String, at: Position, nesting: usize) -> Result<Grown, Finding> {
        let node = match word.as_str() {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            "missing" => Node::Missing,
            "in" => return Err(self.unexpected("value")),
            _ => {
                self.pass();
                if self.take_sign("(") {
                    return self.call(&word, at, nesting);
                }
                let node = Node::Name(Input {
                    name: word,
                    window: Window::Current,
                });
                return self.grow(node, at, 0);
            }
        };
        self.pass();
        self.grow(node, at, 0)
    }

    fn call(&mut self, name: &str, at: Position, nesting: usize) -> Result<Grown, Finding> {
        if let Some(window) = Window::by_function(name) {
            return self.window(window, at);
        }
        let Some(function) = Function::by_name(name) else {
            let known: Vec<&str> = Function::ALL.into_iter().map(Function::name).collect();
            return Err(self
                .origin
                .error("formula-unknown-function", at)
                .arg("found", name)
                .arg("known", known.join(", ")));
        };
        let (arguments, depth) = if self.take_sign(")") {
            (Vec::new(), 0)
        } else {
            self.list(")", nesting)?
        };
        let (fewest, most) = function.arity();
        if !(fewest..=most).contains(&arguments.len()) {
            return Err(self
                .origin
                .error("formula-arguments", at)
                .arg("function", name)
                .arg("found", arguments.len())
                .arg("fewest", fewest)
                .arg("most", most));
        }
        let node = Node::Call {
            function,
            arguments,
        };
        self.grow(node, at, depth)
    }

    /// `previous(` has been read.
    fn window(&mut self, window: Window, at: Position) -> Result<Grown, Finding> {
        let argument = self.peek().clone();
        self.pass();
        let closed = self.take_sign(")");
        match argument {
            Token::Word(name)
                if closed && !matches!(name.as_str(), "true" | "false" | "missing" | "in") =>
            {
                self.grow(Node::Name(Input { name, window }), at, 0)
            }
            _ => Err(self
                .origin
                .error("formula-window-needs-name", at)
                .arg("function", window.function())),
        }
    }
}

enum Infix {
    Choice,
    Within,
    Operator(Operator),
}
