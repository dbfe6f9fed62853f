#![no_main]

libfuzzer_sys::fuzz_target!(init: youcheng_fuzz::begin("codecs"), |bytes: &[u8]| {
    youcheng_fuzz::checks::check("codecs", bytes);
});
