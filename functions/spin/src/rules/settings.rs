//! The settings, by name. Spin must be asked for each variable by its name, and only where one can wait.

/// Every setting that the functions read. `spin.toml` declares the same ones in lower case.
pub const NAMES: [&str; 18] = [
    "CLIENT_ADDRESS_HEADER",
    "DELIVERY_LEASE_SECONDS",
    "INTERNAL_SECRET",
    "LLM_API_KEY",
    "LLM_BASE_URL",
    "LLM_MODEL",
    "LLM_PROTOCOL",
    "LLM_TIMEOUT_MS",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_ISSUER",
    "PUBLIC_URL",
    "SEALING_KEY",
    "SEALING_KEY_PREVIOUS",
    "SIMULATOR",
    "TWILIO_API_URL",
    "VAPID_PRIVATE_KEY",
    "VAPID_SUBJECT",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_declares_each_and_passes_it_to_both_components() {
        let manifest = include_str!("../../../../spin.toml");
        for name in NAMES {
            let variable = name.to_ascii_lowercase();
            assert!(manifest.contains(&format!("\n{variable} = {{ default = ")), "{variable} is not declared");
            let passed = format!("\n{variable} = \"{{{{ {variable} }}}}\"");
            assert_eq!(manifest.matches(&passed).count(), 2, "{variable} is not passed to both components");
        }
    }
}
