import '@digital-go-jp/design-tokens/dist/tokens.css';
import './app.css';
import './panel.css';
import './systems.css';
import { mount } from 'svelte';
import App from './App.svelte';

const target = document.getElementById('app');
if (target) mount(App, { target });
