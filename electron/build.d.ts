/** Set when the application is built: true in development and test builds, false in a release. */
declare const __DEVELOPMENT__: boolean;
