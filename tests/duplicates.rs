//! Near duplicates: found on articles with known truth, the same whatever the order, and
//! kept on disk through kills.

use std::fs;

use proptest::prelude::*;
use youcheng::{
    article::ArticleId,
    date::PartialDate,
    dedup::{Entry, Index, Log, LogError, Signer},
};

const STORIES: [&str; 3] = [
    "老菜场重新开门\n5月DAY日，德州市的老菜场经过三个月修缮后迎来头一批客人。老掌柜说，墙上的旧砖一块也没有丢，\
     工匠们给每一块都编了号。附近的街坊带着凳子来排队，有人说起小时候在这里等父亲下工的日子。\
     工程队留下一本账，记着每一根木料从哪里运来。下个月起，这里还要办手艺课，头一课教的是怎样修好一把漏雨的伞。",
    "渡船换了新发动机\n宿迁市的最后一条渡船5月DAY日换上了电动机。船长讲，过去柴油味大，过河的孩子总捂着鼻子。\
     新机器安静得能听见水鸟拍翅膀，冬天也不怕结冰。船票还是两元，骑车的人不另收钱。\
     沿岸五个村子的学生靠它上学，家长们凑钱给船舱添了软座，又在码头边搭起一间躲雨的棚子。",
    "图书馆夜里不关灯\n从5月DAY日起，无锡市图书馆的自习区通宵开放。第一晚来了四十多人，有准备考试的护士，也有刚下班的厨师。\
     管理员煮了一大锅姜茶放在门口，谁困了就自己去盛。保安每小时巡一遍，提醒大家看好随身的包。\
     馆长算过，多开一夜只费几十度电，却让一条街都亮堂起来，读者留言本第二天就写满了三页。",
];

/// Stories, each told several times: whole, cut, with a tail, and about another day.
fn entries() -> Vec<Entry> {
    let signer = Signer::new().expect("the gazetteer opens");
    let mut entries = Vec::new();
    for (n, story) in STORIES.iter().enumerate() {
        let story = |day: u32| story.replace("DAY", &day.to_string());
        let (first, other_day) = (story(3), story(9));
        let length = first.chars().count();
        let cut: String = first.chars().take(length * 3 / 4).collect();
        let tail = format!("{first}\n（编辑：小石，图片由受访者提供）");
        for (m, text) in [first.clone(), cut, tail, other_day, first].iter().enumerate() {
            entries.push(Entry {
                id: ArticleId::of(format!("{n} {m}").as_bytes()),
                published: PartialDate::day(2024, 5, 10 + m as i8).filter(|_| m != 2),
                signature: signer.run(text),
            });
        }
    }
    entries
}

#[test]
fn a_cluster_has_the_copies_of_one_story_and_the_first_is_the_original() {
    let mut index = Index::default();
    let entries = entries();
    entries.iter().rev().for_each(|entry| assert!(index.add(entry.clone())));
    let clusters = index.clusters();
    assert_eq!(clusters.len(), 3);
    for story in entries.chunks(5) {
        let cluster = clusters.iter().find(|it| it.original == story[0].id).unwrap();
        // One without a date comes last; the other day is another story.
        assert_eq!(cluster.copies, [story[1].id, story[4].id, story[2].id]);
    }
}

/// Without its lead a copy is as near to a second filling of the template as to its story.
#[test]
fn a_copy_belongs_to_the_story_of_its_time() {
    let signer = Signer::new().expect("the gazetteer opens");
    let lead = |date: &str| format!("{date}，德州市的老菜场举行开门仪式，来了好几百人。\n");
    let (title, body) = STORIES[0].split_once('\n').unwrap();
    let body = body.replace("5月DAY日，", "这一天，");
    let texts = ["5月3日", "11月20日", ""].map(|date| {
        let lead = if date.is_empty() { String::new() } else { lead(date) };
        format!("{title}\n{lead}{body}")
    });
    for copied in [0, 1] {
        let months = [5, 11, [5, 11][copied]];
        let mut index = Index::default();
        for (n, (text, month)) in texts.iter().zip(months).enumerate() {
            index.add(Entry {
                id: ArticleId::of(format!("{n}").as_bytes()),
                published: PartialDate::day(2024, month, 21 + n as i8),
                signature: signer.run(text),
            });
        }
        let clusters = index.clusters();
        assert_eq!(clusters.len(), 1);
        assert_eq!(clusters[0].original, ArticleId::of(format!("{copied}").as_bytes()));
        assert_eq!(clusters[0].copies, [ArticleId::of(b"2")]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn night_after_night_gives_what_all_at_once_gives(
        order in Just((0..15).collect::<Vec<usize>>()).prop_shuffle(),
        nights in prop::collection::vec(0..15_usize, 0..4),
    ) {
        let entries = entries();
        let mut once = Index::default();
        entries.iter().for_each(|entry| assert!(once.add(entry.clone())));
        let mut index = Index::default();
        let mut of = std::collections::BTreeMap::new();
        let mut settled = 0;
        for (n, &at) in order.iter().enumerate() {
            index.add(entries[at].clone());
            if nights.contains(&n) || n + 1 == order.len() {
                of.extend(index.changes(settled));
                settled = index.len();
            }
        }
        prop_assert_eq!(of, once.changes(0).into_iter().collect());
    }
}

#[test]
fn a_log_gives_back_what_was_appended_and_cuts_what_a_kill_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copies");
    let entries = entries();
    let (mut log, logged) = Log::open(&path).unwrap();
    assert!(logged.entries.is_empty());
    log.append(&entries[..4]).unwrap();
    log.mark().unwrap();
    log.append(&entries[4..6]).unwrap();
    drop(log);
    let whole = fs::read(&path).unwrap();
    let record = (whole.len() - 16) / 7;
    assert!(record <= 200);
    for end in 0..=whole.len() {
        fs::write(&path, &whole[..end]).unwrap();
        let (mut log, logged) = Log::open(&path).unwrap();
        let records = end.saturating_sub(16) / record;
        let articles = records - usize::from(records > 4);
        assert_eq!(logged.entries, entries[..articles]);
        assert_eq!(logged.settled, if records > 4 { 4 } else { 0 });
        log.append(&entries[articles..6]).unwrap();
        drop(log);
        assert_eq!(Log::open(&path).unwrap().1.entries, entries[..6]);
    }
}

#[test]
fn a_damaged_record_is_passed_over_and_a_foreign_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copies");
    let entries = entries();
    Log::open(&path).unwrap().0.append(&entries[..3]).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[16 + 250] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let logged = Log::open(&path).unwrap().1;
    assert_eq!((logged.entries.len(), logged.damaged), (2, 1));
    fs::write(&path, "something else").unwrap();
    assert!(matches!(Log::open(&path), Err(LogError::Foreign(_))));
    assert_eq!(fs::read(&path).unwrap(), b"something else");
}
