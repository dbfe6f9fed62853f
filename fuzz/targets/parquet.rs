#![no_main]

libfuzzer_sys::fuzz_target!(init: youcheng_fuzz::begin("parquet"), |bytes: &[u8]| {
    youcheng_fuzz::checks::check("parquet", bytes);
});
