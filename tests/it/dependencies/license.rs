//! License expressions of SPDX, and the older form of crates.io with `/` instead of `OR`.

/// Returns whether a user of the package can comply with the expression with these licenses alone.
pub(super) fn is_satisfied(expression: &str, is_allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = tokens.as_slice();
    any(&mut rest, is_allowed) && rest.is_empty()
}

/// Alternatives; `AND` binds tighter.
fn any(rest: &mut &[&str], is_allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut satisfied = all(rest, is_allowed);
    while skip(rest, "OR") {
        satisfied |= all(rest, is_allowed);
    }
    satisfied
}

fn all(rest: &mut &[&str], is_allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut satisfied = one(rest, is_allowed);
    while skip(rest, "AND") {
        satisfied &= one(rest, is_allowed);
    }
    satisfied
}

fn one(rest: &mut &[&str], is_allowed: &dyn Fn(&str) -> bool) -> bool {
    if skip(rest, "(") {
        return any(rest, is_allowed) & skip(rest, ")");
    }
    let Some((license, after)) = rest.split_first() else { return false };
    *rest = after;
    // A license with an exception is another license.
    match skip(rest, "WITH").then(|| rest.split_first()).flatten() {
        Some((exception, after)) => {
            *rest = after;
            is_allowed(&format!("{license} WITH {exception}"))
        }
        None => is_allowed(license),
    }
}

fn skip(rest: &mut &[&str], token: &str) -> bool {
    let found = rest.first() == Some(&token);
    *rest = &rest[usize::from(found)..];
    found
}

#[test]
fn evaluates_license_expressions() {
    let with = |allowed: &'static [&str]| move |license: &str| allowed.contains(&license);
    let mit = with(&["MIT"]);
    for satisfied in ["MIT", "MIT OR GPL-2.0", "GPL-2.0/MIT", "(MIT)", "GPL-2.0 AND X OR MIT"] {
        assert!(is_satisfied(satisfied, &mit), "{satisfied}");
    }
    for unsatisfied in
        ["", "GPL-2.0", "MIT AND X", "(MIT OR X) AND Y", "MIT WITH X", "(MIT", "MIT)", "MIT MIT"]
    {
        assert!(!is_satisfied(unsatisfied, &mit), "{unsatisfied}");
    }
    assert!(is_satisfied("(MIT OR X) AND Y", &with(&["MIT", "Y"])));
    assert!(is_satisfied("A WITH B", &with(&["A WITH B"])));
}
