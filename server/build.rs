//! Tells cargo when what is embedded has changed: the migrations, and the web app of a release build.
//! A debug build reads the app from disk.

fn main() {
    emit("src/store/migrations");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        // Where the folder is missing, cargo looks again at every build.
        emit("../frontend/dist");
    }
}

fn emit(path: &str) {
    println!("cargo:rerun-if-changed={path}");
}
