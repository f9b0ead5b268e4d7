// Starts the window: the connection, the application state, the frame. Must not do anything else.
import './no-eval.ts';
import { mount } from 'svelte';
import { App as AppState } from './app/app.svelte.ts';
import App from './App.svelte';
import { connect } from './connect.ts';
import './theme.css';
import './base.css';

const target = document.getElementById('app');
if (target) mount(App, { target, props: { app: new AppState(connect(window)) } });
