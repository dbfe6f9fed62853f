#![no_main]

libfuzzer_sys::fuzz_target!(init: youcheng_fuzz::begin("warc"), |bytes: &[u8]| {
    youcheng_fuzz::checks::check("warc", bytes);
});
