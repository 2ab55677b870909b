//! Pages and imports for places, people, figures and grants.
