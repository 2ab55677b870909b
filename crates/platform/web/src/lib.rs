//! Page shell, components, assets, locales, routes, errors, uploads, OpenAPI.
