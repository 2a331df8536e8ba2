//! The content of the page, compared with the JSON about the same rules.

use super::{
    all, assert_links_resolve, assert_loads_nothing, explain, fixture, fixtures, folder, json_of,
    one, page_of, parsed, text, within,
};

#[test]
fn ids_are_unique_and_links_resolve() {
    for (_, rules) in fixtures() {
        assert_links_resolve(&parsed(&page_of(&rules)));
    }
}

#[test]
fn loads_nothing() {
    assert_loads_nothing(&parsed(&page_of(&fixture("stig-like.rules"))));
    assert!(!page_of("").contains("http:"));
    assert!(!page_of("").contains("https:"));
}

#[test]
fn table_agrees_with_the_json() {
    for (_, rules) in fixtures() {
        let (html, json) = (parsed(&page_of(&rules)), json_of(&rules));
        let syscalls = json["bitmap"]["syscalls"].as_array().unwrap();
        let rows = all(&html, ".sortable tbody tr");
        assert_eq!(rows.len(), syscalls.len());
        for (row, syscall) in rows.into_iter().zip(syscalls) {
            let nr = syscall["nr"].as_u64().unwrap();
            let cells: Vec<String> = within(row, "th, td").into_iter().map(text).collect();
            let name = |key: &str| syscall[key].as_str().unwrap_or("\u{2013}").to_owned();
            assert_eq!(cells[0], nr.to_string());
            assert_eq!(cells[1], name("name"));
            assert_eq!(cells[2], name("compat_name"));
            assert_eq!(cells[3], syscall["rules"].to_string());
            let walks = json["walk"]["syscalls"].as_array().unwrap().iter();
            let of_nr = walks.filter(|walk| walk["nr"] == syscall["nr"]);
            let longest = of_nr.map(|walk| (walk["worst"].as_u64(), walk["fields"].as_u64())).max();
            let (tested, compared) = longest.unwrap();
            assert_eq!(cells[4], tested.unwrap().to_string());
            assert_eq!(cells[5], compared.unwrap().to_string());
        }
    }
}

#[test]
fn map_agrees_with_the_json() {
    for (_, rules) in fixtures() {
        let (html, json) = (parsed(&page_of(&rules)), json_of(&rules));
        let cells = all(&html, ".map tbody td");
        assert_eq!(cells.len() as u64, json["nr_syscalls"].as_u64().unwrap());
        for (nr, cell) in cells.iter().enumerate() {
            let syscalls = json["bitmap"]["syscalls"].as_array().unwrap();
            let found = syscalls.iter().find(|syscall| syscall["nr"] == nr);
            let count = found.map_or(0, |syscall| syscall["rules"].as_u64().unwrap());
            let shown = text(*cell);
            let label = cell.attr("aria-label").unwrap();
            assert!(label.starts_with(&format!("{nr}: ")), "{label}");
            match count {
                0 => assert!(shown.is_empty() || shown == "\u{b7}", "{nr}: {shown}"),
                some => {
                    assert_eq!(shown, some.to_string());
                    let plural = if some == 1 { "" } else { "s" };
                    assert!(label.contains(&format!("\n{some} rule{plural}")), "{label}");
                    assert_eq!(within(*cell, &format!("a[href='#s{nr}']")).len(), 1);
                }
            }
        }
    }
}

#[test]
fn verdicts_agree_with_the_json() {
    let rules = fixture("containers.rules");
    let (html, json) = (parsed(&page_of(&rules)), json_of(&rules));
    assert_eq!(text(one(&html, "h1")), "What a.rules arms");
    assert_eq!(text(one(&html, "h2#stock")), "A stock kernel arms every syscall");
    let armed = json["bitmap"]["armed_count"].as_u64().unwrap();
    let verdict = format!("With the bitmap patch it arms {armed} of 451");
    assert_eq!(text(one(&html, "h2#bitmap")), verdict);
    let reasons = all(&html, ".verdict p").into_iter().map(text).collect::<Vec<_>>();
    let reason = |kernel: &str| format!("{}.", json[kernel]["reason"].as_str().unwrap());
    let lower = |sentence: &String| sentence.to_lowercase();
    assert_eq!(lower(&reasons[0]), lower(&reason("stock")));
    assert_eq!(lower(&reasons[1]), lower(&reason("bitmap")));
    assert!(text(one(&html, ".numbers")).contains("x86_64, Linux 6.1, 451 syscalls"));
}

#[test]
fn reports_that_nothing_is_armed() {
    let html = parsed(&page_of("-a never,user -F uid=0\n"));
    assert_eq!(text(one(&html, "h2#stock")), "A stock kernel arms nothing");
    assert_eq!(text(one(&html, "h2#bitmap")), "With the bitmap patch it arms nothing");
    assert!(all(&html, ".sortable").is_empty());
    assert_eq!(all(&html, ".map tbody td").len(), 451);
    parsed(&page_of(""));
}

#[test]
fn shows_the_lines_of_rules() {
    let rules = fixture("stig-like.rules");
    let html = parsed(&page_of(&rules));
    let lines: Vec<&str> = rules.lines().collect();
    let shown = all(&html, ".rules li");
    assert_eq!(shown.len() as u64, json_of(&rules)["rules_held"].as_u64().unwrap());
    for rule in shown {
        let line: usize = rule.attr("value").unwrap().parse().unwrap();
        assert_eq!(text(within(rule, "code.line")[0]), lines[line - 1]);
    }
    let place = all(&html, ".sortable a[href^='#r']")[0];
    let target = one(&html, place.attr("href").unwrap());
    assert_eq!(text(place), format!("a.rules:{}", target.attr("value").unwrap()));
}

#[test]
fn shows_what_each_rule_arms() {
    let rules = "-a always,exit -F arch=b64 -S read,write,openat -k some\n\
                 -w /etc/passwd -p wa -k watch\n\
                 -a always,task\n\
                 -a never,exclude -F msgtype=CWD\n";
    let html = parsed(&page_of(rules));
    let facts: Vec<String> = all(&html, ".rules p").into_iter().map(text).collect();
    let expected = [
        "tested at position 1; arms 3 numbers: 0-1, 257",
        "kept by inode; arms every syscall",
        "task list: counted, so the bitmap is not used",
        "exclude list: not counted, arms nothing",
    ];
    assert_eq!(facts, expected);
    assert!(
        text(one(&html, "#map")).contains("Every number is armed, because the bitmap is not used")
    );
}

#[test]
fn advice_and_notes_agree_with_the_json() {
    let rules = fixture("stig-like.rules");
    let (html, json) = (parsed(&page_of(&rules)), json_of(&rules));
    let advice = json["narrowing"]["advice"].as_array().unwrap();
    let shown = all(&html, "ol.advice > li");
    assert_eq!(shown.len(), advice.len());
    for (shown, advice) in shown.into_iter().zip(advice) {
        assert_eq!(text(within(shown, "a")[0]), advice["where"].as_str().unwrap());
        let instead = within(shown, "pre.new").into_iter().map(text).collect::<String>();
        let rules = advice["instead"].as_array().unwrap().iter();
        let expected: Vec<&str> = rules.map(|rule| rule.as_str().unwrap()).collect();
        assert_eq!(instead, expected.join(" "));
    }
    let notes: Vec<String> = all(&html, "#notes li").into_iter().map(text).collect();
    let expected = json["notes"].as_array().unwrap().iter();
    assert_eq!(notes, expected.map(|note| note.as_str().unwrap()).collect::<Vec<_>>());
}

#[test]
fn shows_the_limits() {
    let directory = folder("a.rules", b"-a always,exit -F arch=b64 -S read -k r\n");
    let output = explain(
        &["--format", "html", "--deny-arm", "read", "--max-walk", "9", "a.rules"],
        directory.path(),
    );
    assert_eq!(output.status.code(), Some(1));
    let html = parsed(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(text(one(&html, "h2#gates")), "Limits: 1 of 2 not met");
    assert!(text(one(&html, ".gates li")).contains("read of x86_64 (0) is armed"));
}

#[test]
fn tables_have_headers_and_controls_have_labels() {
    let html = parsed(&page_of(&fixture("containers.rules")));
    assert_eq!(one(&html, "html").attr("lang"), Some("en"));
    for head in all(&html, "th") {
        assert!(matches!(head.attr("scope"), Some("col" | "row")), "{}", text(head));
    }
    // Without the script, controls have no effect, so they are hidden.
    assert!(all(&html, "th button").is_empty());
    for control in all(&html, "button, input") {
        let is_hidden = control.ancestors().filter_map(scraper::ElementRef::wrap);
        let mut chain = std::iter::once(control).chain(is_hidden);
        assert!(chain.any(|element| element.attr("hidden").is_some()));
    }
    assert_eq!(all(&html, "label[for=filter]").len(), 1);
}

#[test]
fn limits_the_size_of_the_page() {
    let rules: String = (0..10_000)
        .map(|number| match number % 2 {
            0 => format!("-w /srv/data/{number} -p wa -k data{number}\n"),
            _ => {
                format!("-a always,exit -F arch=b64 -S openat -F dir=/srv/{number} -k k{number}\n")
            }
        })
        .collect();
    let page = page_of(&rules);
    assert!(page.len() < 500_000, "{} bytes", page.len());
    let html = parsed(&page);
    assert_eq!(all(&html, ".rules li").len(), 500);
    let more = all(&html, ".more").into_iter().map(text).collect::<Vec<_>>();
    assert_eq!(more[0], "+4980 more; --view advice shows all");
    assert_eq!(more[1], "+9500 more: the first 500 of 10000 are shown.");
    assert_eq!(all(&html, ".sortable tbody tr").len(), 451);
}

/// A long set is folded, and a short one is not.
#[test]
fn folds_long_lists() {
    let rules = |count: usize| -> String {
        (0..count)
            .map(|n| format!("-a always,exit -F arch=b64 -S {n} -F auid={n} -k k{n}\n"))
            .collect()
    };
    let folded = |count| {
        let html = parsed(&page_of(&rules(count)));
        assert_eq!(all(&html, "#rules ol.rules > li").len(), count);
        assert_eq!(all(&html, ".sortable tbody tr").len(), count);
        ["#rules details:not([open]) ol.rules", "#syscalls details:not([open]) .sortable"]
            .map(|selector| all(&html, selector).len())
    };
    assert_eq!(folded(5), [0, 0]);
    assert_eq!(folded(100), [1, 1]);
}

/// Many rules on every number are dark, one is light.
#[test]
fn colors_show_the_number_of_rules() {
    let watches = |count: usize| -> String {
        (0..count).map(|n| format!("-a always,exit -S all -F auid={n} -k k{n}\n")).collect()
    };
    let class = |count| {
        let html = parsed(&page_of(&watches(count)));
        one(&html, "#c0").attr("class").unwrap().to_owned()
    };
    assert_eq!(class(315), "l6");
    assert_eq!(class(1), "l1");
}

/// The first sentence needs no terms of the field.
#[test]
fn begins_with_a_sentence_for_everyone() {
    let short = |rules: &str| text(one(&parsed(&page_of(rules)), ".short"));
    let found = short(&fixture("containers.rules"));
    let json = json_of(&fixture("containers.rules"));
    let worst = json["walk"]["syscalls"].as_array().unwrap();
    let worst = worst.iter().map(|walk| walk["worst"].as_u64().unwrap()).max().unwrap();
    assert!(found.contains(&format!("the kernel tests up to {worst} rules")), "{found}");
    let armed = &json["bitmap"]["armed_count"];
    assert!(found.contains(&format!("for {armed} of 451 system calls only")), "{found}");
    for term in ["arm", "walk", "mask", "exit list"] {
        assert!(!found.contains(term), "{term}: {found}");
    }
    assert!(short("").contains("no rules"));
    assert!(short("-a never,user -F uid=0\n").contains("do not concern system calls"));
    assert!(short("-a task,never\n").contains("later programs are not audited"));
}

#[test]
fn search_is_for_syscalls_and_rules() {
    let html = parsed(&page_of(&fixture("containers.rules")));
    assert_eq!(all(&html, "header input#filter[type='search']").len(), 1);
    let file = one(&html, "ol.rules").attr("data-file");
    assert_eq!(file, Some("a.rules"));
}
